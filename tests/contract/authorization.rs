//! The authorization table as a text that people can review.

use std::fmt::Write;

use domain::authorization::{Action, is_allowed};
use domain::person::Role;

#[test]
fn the_table_is_as_reviewed() {
    let mut table = format!("{:<16}", "");
    for role in Role::ALL {
        write!(table, " {:<15}", role.as_str()).unwrap();
    }
    for action in Action::all() {
        write!(table, "\n{:<16}", action.as_str()).unwrap();
        for role in Role::ALL {
            write!(table, " {:<15}", if is_allowed(role, action) { "yes" } else { "-" }).unwrap();
        }
    }
    let lines: Vec<&str> = table.lines().map(str::trim_end).collect();
    super::compare("tests/contract/authorization.txt", &(lines.join("\n") + "\n"));
}
