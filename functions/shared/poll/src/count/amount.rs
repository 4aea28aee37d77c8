//! Exact numbers.

use std::fmt;
use std::ops::{Add, Div, Mul, Sub};
use std::str::FromStr;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};
use serde::{Deserialize, Serialize};

/// An exact number: a whole one or a fraction. Written as `7` or `7/2`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Amount(BigRational);

impl Amount {
    /// None.
    pub fn zero() -> Self {
        Self(BigRational::zero())
    }

    /// `numerator / denominator`; the denominator must not be 0.
    pub fn ratio(numerator: impl Into<BigInt>, denominator: impl Into<BigInt>) -> Self {
        Self(BigRational::new(numerator.into(), denominator.into()))
    }

    /// Whether it is 0.
    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// The largest whole number that is not larger.
    pub fn floor(&self) -> u64 {
        self.0.floor().to_integer().to_u64().unwrap_or(u64::MAX)
    }

    /// With so many digits after the decimal point, the rest cut off: for people. `exact` says whether nothing was cut off.
    pub fn decimal(&self, digits: usize) -> (String, bool) {
        let scale = BigInt::from(10).pow(u32::try_from(digits).unwrap_or(u32::MAX));
        let scaled = &self.0 * BigRational::from(scale);
        let cut = scaled.trunc().to_integer();
        let exact = scaled.is_integer();
        let text = format!("{:0>width$}", cut.abs().to_string(), width = digits + 1);
        let (whole, part) = text.split_at(text.len() - digits);
        let part = part.trim_end_matches('0');
        let sign = if cut.is_negative() { "-" } else { "" };
        let text = if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") };
        (text, exact)
    }
}

impl From<u64> for Amount {
    fn from(whole: u64) -> Self {
        Self(BigRational::from(BigInt::from(whole)))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Amount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| format!("«{text}» is no number such as 7 or 7/2"))
    }
}

impl TryFrom<String> for Amount {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Amount> for String {
    fn from(amount: Amount) -> Self {
        amount.to_string()
    }
}

macro_rules! operator {
    ($($trait:ident $method:ident),*) => {
        $(impl $trait for &Amount {
            type Output = Amount;

            fn $method(self, other: Self) -> Amount {
                Amount((&self.0).$method(&other.0))
            }
        })*
    };
}

operator!(Add add, Sub sub, Mul mul, Div div);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_exact_and_shown_cut_off() {
        let third = Amount::ratio(1, 3);
        assert_eq!(&(&third + &third) + &third, Amount::from(1));
        assert_eq!((third.to_string(), third.decimal(5)), ("1/3".into(), ("0.33333".into(), false)));
        assert_eq!(Amount::ratio(-7, 2).decimal(2), ("-3.5".into(), true));
        assert_eq!(Amount::ratio(7, 2).floor(), 3);
        assert_eq!("7/2".parse::<Amount>(), Ok(Amount::ratio(7, 2)));
        assert!("7/0".parse::<Amount>().is_err() && "x".parse::<Amount>().is_err());
    }
}
