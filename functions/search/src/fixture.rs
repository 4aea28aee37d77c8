//! A small directory for tests.

use axum::http::HeaderMap;
use domain::calendar::Calendar;
use domain::category::Category;
use domain::routing::RoutingTable;
use domain::rulebook::Rulebook;
use domain::territory::Territory;
use domain::tree::Tree;
use pages::Layout;

/// A region in the time of Moscow with a town and its district, and a town farther east. Two groups of categories.
pub(crate) fn rulebook() -> Rulebook {
    let territory = |id: &str, name: &str, parent: Option<&str>, zone: Option<&str>| Territory {
        id: id.parse().unwrap(),
        name: name.into(),
        parent: parent.map(|parent| parent.parse().unwrap()),
        time_zone: zone.map(Into::into),
        calendar: None,
        default_organization: None,
    };
    let category = |id: &str, name: &str, parent: Option<&str>| Category {
        id: id.parse().unwrap(),
        name: name.into(),
        parent: parent.map(|parent| parent.parse().unwrap()),
    };
    let territories = vec![
        territory("region", "Область", None, Some("Europe/Moscow")),
        territory("town", "Заозёрск", Some("region"), None),
        territory("north", "Северный", Some("town"), None),
        territory("east", "Восточный", Some("region"), Some("Asia/Yekaterinburg")),
    ];
    let categories = vec![
        category("roads", "Дороги", None),
        category("pothole", "Яма", Some("roads")),
        category("snow", "Снег", Some("roads")),
        category("air", "Воздух", None),
    ];
    Rulebook {
        version: 1,
        territories: Tree::build(territories).unwrap(),
        categories: Tree::build(categories).unwrap(),
        routing: RoutingTable::default(),
        deadline_rules: Vec::new(),
        calendars: Vec::new(),
        weekends: Calendar::weekends_only("w".parse().unwrap()),
    }
}

/// A page in Russian for nobody in particular.
pub(crate) fn layout(here: &str) -> Layout {
    Layout::of_nobody(&HeaderMap::new(), &here.parse().unwrap())
}
