//! Where a problem is.

use crate::reason::Reason;
use serde::{Deserialize, Serialize};

use crate::text::{InvalidText, Text};

/// The place of a problem: an address as the author wrote it, and a point if it is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// As written, at most 500 characters.
    pub address: Text<500>,
    /// WGS 84.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<Point>,
}

/// A point in WGS 84 degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Latitude, -90 to 90.
    pub lat: f64,
    /// Longitude, -180 to 180.
    pub lon: f64,
}

/// Why a place is refused; each names its field.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum InvalidPlace {
    /// The address is empty or too long.
    #[error("{0}")]
    Address(InvalidText),
    /// Only one of the two coordinates is given.
    #[error("give both lat and lon, or neither")]
    HalfAPoint,
    /// Latitude outside -90 to 90.
    #[error("lat must be a number from -90 to 90")]
    Latitude,
    /// Longitude outside -180 to 180.
    #[error("lon must be a number from -180 to 180")]
    Longitude,
}

impl InvalidPlace {
    /// The field at fault, as in the request.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Address(_) => "place.address",
            Self::HalfAPoint => "place",
            Self::Latitude => "place.lat",
            Self::Longitude => "place.lon",
        }
    }
}

impl Reason for InvalidPlace {
    fn code(&self) -> &'static str {
        match self {
            Self::Address(text) => text.code(),
            Self::HalfAPoint => "half-a-point",
            Self::Latitude => "latitude",
            Self::Longitude => "longitude",
        }
    }

    fn parts(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Address(text) => text.parts(),
            Self::HalfAPoint | Self::Latitude | Self::Longitude => Vec::new(),
        }
    }
}

impl Place {
    /// Parses the fields of a request.
    ///
    /// # Errors
    /// [`InvalidPlace`] names the field.
    pub fn parse(address: &str, lat: Option<f64>, lon: Option<f64>) -> Result<Self, InvalidPlace> {
        let address = Text::parse(address).map_err(InvalidPlace::Address)?;
        let point = match (lat, lon) {
            (None, None) => None,
            (Some(lat), Some(_)) if !(-90.0..=90.0).contains(&lat) => return Err(InvalidPlace::Latitude),
            (Some(_), Some(lon)) if !(-180.0..=180.0).contains(&lon) => return Err(InvalidPlace::Longitude),
            (Some(lat), Some(lon)) => Some(Point { lat, lon }),
            _ => return Err(InvalidPlace::HalfAPoint),
        };
        Ok(Self { address, point })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_whole_and_on_earth() {
        assert!(Place::parse("ул. Ленина, 1", None, None).is_ok());
        assert!(Place::parse("ул. Ленина, 1", Some(51.7), Some(36.2)).is_ok());
        assert_eq!(Place::parse("x", Some(51.7), None), Err(InvalidPlace::HalfAPoint));
        assert_eq!(Place::parse("x", Some(91.0), Some(0.0)), Err(InvalidPlace::Latitude));
        assert_eq!(Place::parse("x", Some(f64::NAN), Some(0.0)), Err(InvalidPlace::Latitude));
        assert_eq!(Place::parse("x", Some(0.0), Some(180.5)), Err(InvalidPlace::Longitude));
    }
}
