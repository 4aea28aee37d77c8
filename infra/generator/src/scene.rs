//! Where and when a message plays: the street, the house, the village, the firm. One message speaks of one scene.

use fastrand::Rng;

use super::calendar::Calendar;
use super::names::{Names, Street};
use super::number::push_number;
use super::random::{chance, early};
use super::territory::Territory;

/// What a scene fills in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    /// улица Садовая
    Street,
    /// улице Садовой
    OnStreet,
    /// улицы Садовой
    OfStreet,
    /// улицу Садовую
    ToStreet,
    /// (по) улице Садовой
    AlongStreet,
    /// улице Полевой: another one
    OnCross,
    /// (по) улице Полевой: another one
    AlongCross,
    /// улицы Полевой: another one
    OfCross,
    /// ул. Садовая, д. 12
    Address,
    House,
    Flat,
    Entrance,
    Floor,
    /// A number below ten.
    Few,
    /// A sum of money.
    Sum,
    /// 12 марта
    Date,
    /// 12.03.2026
    ShortDate,
    /// 18:30
    Hour,
    /// Number of a bus.
    Route,
    /// Number of a school.
    School,
    City,
    OfCity,
    InCity,
    /// The name of a village.
    Village,
    OtherVillage,
    /// ООО «Стройсервис»
    Firm,
    OtherFirm,
    /// The name of a shop or a works.
    Name,
    /// The category in words.
    Topic,
}

impl Slot {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "улица" => Self::Street,
            "улице" => Self::OnStreet,
            "улицы" => Self::OfStreet,
            "улицу" => Self::ToStreet,
            "улице-д" => Self::AlongStreet,
            "улице2-д" => Self::AlongCross,
            "улице2" => Self::OnCross,
            "улицы2" => Self::OfCross,
            "адрес" => Self::Address,
            "дом" => Self::House,
            "кв" => Self::Flat,
            "подъезд" => Self::Entrance,
            "этаж" => Self::Floor,
            "н" => Self::Few,
            "сумма" => Self::Sum,
            "дата" => Self::Date,
            "числа" => Self::ShortDate,
            "час" => Self::Hour,
            "маршрут" => Self::Route,
            "школа" => Self::School,
            "город" => Self::City,
            "города" => Self::OfCity,
            "городе" => Self::InCity,
            "село" => Self::Village,
            "село2" => Self::OtherVillage,
            "фирма2" => Self::OtherFirm,
            "фирма" => Self::Firm,
            "название" => Self::Name,
            "имя" => Self::Topic,
            _ => return None,
        })
    }
}

/// The number of a house.
#[derive(Debug, Clone, Copy)]
struct House {
    number: u32,
    /// A letter, the second number of a corner house, or neither.
    ending: Option<Ending>,
}

#[derive(Debug, Clone, Copy)]
enum Ending {
    Letter(char),
    Corner(u32),
}

/// Where and when a message plays.
#[derive(Debug)]
pub(super) struct Scene<'g> {
    names: &'g Names,
    calendar: &'g Calendar,
    territory: &'g Territory,
    topic: &'g str,
    /// The day on which it is written.
    today: usize,
    street: Street,
    cross: Street,
    house: House,
    /// How this author writes addresses.
    manner: u8,
    village: u64,
    firm: u64,
}

impl<'g> Scene<'g> {
    pub(super) fn draw(
        names: &'g Names,
        calendar: &'g Calendar,
        territory: &'g Territory,
        topic: &'g str,
        today: usize,
        rng: &mut Rng,
    ) -> Self {
        let ending = match rng.u8(..100) {
            0..12 => Some(Ending::Letter(['а', 'б', 'в', 'г', 'д', 'к'][early(rng, 6)])),
            12..20 => Some(Ending::Corner(rng.u32(1..40))),
            _ => None,
        };
        let largest = rng.u32(1..=160);
        Self {
            names,
            calendar,
            territory,
            topic,
            today,
            street: names.street(rng),
            cross: names.street(rng),
            house: House { number: rng.u32(1..=largest), ending },
            manner: rng.u8(..5),
            village: rng.u64(..),
            firm: rng.u64(..),
        }
    }

    /// The place as it stands in a field of its own.
    pub(super) fn place(&self) -> String {
        let mut place = String::with_capacity(96);
        place.push_str(&self.territory.name);
        place.push_str(", ");
        self.address(&mut place);
        place
    }

    pub(super) fn fill(&self, slot: Slot, rng: &mut Rng, out: &mut String) {
        match slot {
            Slot::Street => self.names.push_street(self.street, 0, out),
            Slot::OnStreet => self.names.push_street(self.street, 1, out),
            Slot::OfStreet => self.names.push_street(self.street, 2, out),
            Slot::ToStreet => self.names.push_street(self.street, 3, out),
            Slot::AlongStreet => self.names.push_street(self.street, 4, out),
            Slot::AlongCross => self.names.push_street(self.cross, 4, out),
            Slot::OnCross => self.names.push_street(self.cross, 1, out),
            Slot::OfCross => self.names.push_street(self.cross, 2, out),
            Slot::Address => self.address(out),
            Slot::House => self.house(out),
            Slot::Flat => push_number(rng.u32(1..240), out),
            Slot::Entrance => push_number(rng.u32(1..9), out),
            Slot::Floor => push_number(rng.u32(2..17), out),
            Slot::Few => push_number(rng.u32(2..10), out),
            Slot::Sum => sum(rng, out),
            Slot::Date => self.date(rng, out),
            Slot::ShortDate => self.short_date(rng, out),
            Slot::Hour => hour(rng, out),
            Slot::Route => route(rng, out),
            Slot::School => push_number(rng.u32(1..=60), out),
            Slot::City => out.push_str(&self.territory.name),
            Slot::OfCity => out.push_str(&self.territory.of),
            Slot::InCity => out.push_str(&self.territory.inside),
            Slot::Village => self.names.push_village(self.village, out),
            Slot::Firm => self.names.push_firm(self.firm, out),
            Slot::OtherVillage => self.names.push_village(rng.u64(..), out),
            Slot::OtherFirm => self.names.push_firm(rng.u64(..), out),
            Slot::Name => self.names.push_title(rng, out),
            Slot::Topic => out.push_str(self.topic),
        }
    }

    fn address(&self, out: &mut String) {
        match self.manner {
            0 | 1 => {
                self.names.push_short_street(self.street, out);
                out.push_str(", д. ");
            }
            2 => {
                self.names.push_short_street(self.street, out);
                out.push_str(", ");
            }
            3 => {
                self.names.push_street(self.street, 0, out);
                out.push_str(", дом ");
            }
            _ => {
                self.names.push_short_street(self.street, out);
                out.push(' ');
            }
        }
        self.house(out);
    }

    fn house(&self, out: &mut String) {
        push_number(self.house.number, out);
        match self.house.ending {
            Some(Ending::Letter(letter)) => out.push(letter),
            Some(Ending::Corner(number)) => {
                out.push('/');
                push_number(number, out);
            }
            None => {}
        }
    }

    /// A day of the last two months.
    fn day(&self, rng: &mut Rng) -> jiff::civil::Date {
        self.calendar.date(self.today, early(rng, 60))
    }

    fn date(&self, rng: &mut Rng, out: &mut String) {
        const MONTHS: [&str; 12] = [
            "января",
            "февраля",
            "марта",
            "апреля",
            "мая",
            "июня",
            "июля",
            "августа",
            "сентября",
            "октября",
            "ноября",
            "декабря",
        ];
        let day = self.day(rng);
        push_number(day.day().unsigned_abs().into(), out);
        out.push(' ');
        out.push_str(MONTHS[usize::from(day.month().unsigned_abs()) - 1]);
    }

    fn short_date(&self, rng: &mut Rng, out: &mut String) {
        let day = self.day(rng);
        push_two(day.day().unsigned_abs().into(), out);
        out.push('.');
        push_two(day.month().unsigned_abs().into(), out);
        out.push('.');
        push_number(day.year().unsigned_abs().into(), out);
    }
}

fn push_two(number: u32, out: &mut String) {
    if number < 10 {
        out.push('0');
    }
    push_number(number, out);
}

fn hour(rng: &mut Rng, out: &mut String) {
    push_number(rng.u32(6..23), out);
    out.push(':');
    push_two(rng.u32(..12) * 5, out);
}

fn route(rng: &mut Rng, out: &mut String) {
    let largest = rng.u32(1..=180);
    push_number(rng.u32(1..=largest), out);
    if chance(rng, 8.0) {
        out.push(['а', 'к', 'э', 'т'][early(rng, 4)]);
    }
}

fn sum(rng: &mut Rng, out: &mut String) {
    let thousands = rng.u32(..30).min(rng.u32(..90));
    if thousands == 0 {
        return push_number(rng.u32(10..100) * 10, out);
    }
    push_number(thousands, out);
    out.push(' ');
    let hundreds = rng.u32(..10) * 100 + if chance(rng, 30.0) { rng.u32(..100) } else { 0 };
    if hundreds < 100 {
        out.push('0');
    }
    push_two(hundreds, out);
}
