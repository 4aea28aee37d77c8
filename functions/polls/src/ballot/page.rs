//! The receipt as a page that can be printed, with a QR code of it.

use askama::Template;
use axum::response::Response;
use entrypoint::App;
use entrypoint::http::Failure;
use pages::prelude::*;
use poll::Poll;
use poll::proof::Receipt;
use qrcode::{Color, EcLevel, QrCode};

use crate::access::key;

/// Light around the code: four modules (ISO/IEC 18004).
const QUIET: usize = 4;

#[derive(Template)]
#[template(path = "receipt.html")]
struct ReceiptPage {
    l: Layout,
    id: String,
    title: String,
    receipt: Receipt,
    fingerprint: String,
    json: String,
    code: Code,
}

/// A QR code as the path of an SVG: dark modules as squares.
struct Code {
    size: usize,
    path: String,
}

impl Code {
    fn of(text: &str) -> Result<Self, Failure> {
        let code = QrCode::with_error_correction_level(text, EcLevel::L);
        let code = code.map_err(|error| Failure::internal(error.to_string()))?;
        let width = code.width();
        let dark = code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == Color::Dark);
        let square = |(place, _)| format!("M{} {}h1v1h-1z", QUIET + place % width, QUIET + place / width);
        Ok(Self { size: width + 2 * QUIET, path: dark.map(square).collect() })
    }
}

/// The page.
pub(crate) fn show(app: &App, poll: &Poll, receipt: Receipt, l: Layout) -> Result<Response, Failure> {
    let json = serde_json::to_string(&receipt).map_err(Failure::internal)?;
    html(&ReceiptPage {
        id: poll.id.to_string(),
        title: poll.question.title.as_str().to_owned(),
        fingerprint: key(app, poll)?.fingerprint().to_string(),
        code: Code::of(&json)?,
        receipt,
        json,
        l,
    })
}
