//! How a submission is handled: which organization answers it, by which day, and by which rule.

pub mod calendar;
pub mod deadline;
pub mod routing;
pub mod rulebook;
