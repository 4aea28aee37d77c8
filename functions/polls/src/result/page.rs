//! The result as a page that can be printed: bars, winners, the protocol.

use askama::Template;
use axum::response::Response;
use entrypoint::App;
use entrypoint::http::Failure;
use pages::prelude::*;
use poll::Poll;

use crate::access::key;
use crate::poll::facts;
use crate::poll::view::PollView;
use crate::result::protocol::{self, ProtocolStep};
use crate::result::view::ResultView;

/// An option with the length of its bar, in 100ths.
struct Bar {
    name: String,
    total: String,
    won: bool,
    width: u64,
}

#[derive(Template)]
#[template(path = "result.html")]
struct ResultPage {
    l: Layout,
    view: PollView,
    result: ResultView,
    bars: Vec<Bar>,
    steps: Vec<ProtocolStep>,
    fingerprint: String,
}

/// The page.
pub(crate) async fn show(app: &App, poll: &Poll, view: ResultView, l: Layout) -> Result<Response, Failure> {
    let most = view.options.iter().map(|option| option.total).max().unwrap_or(0).max(1);
    let mut bars: Vec<(u64, Bar)> = Vec::with_capacity(view.options.len());
    for option in &view.options {
        let bar = Bar {
            name: option.name.clone(),
            total: l.integer(option.total),
            won: option.won,
            width: u64::try_from(u128::from(option.total) * 100 / u128::from(most)).unwrap_or(100),
        };
        bars.push((option.total, bar));
    }
    bars.sort_by_key(|(total, bar)| (!bar.won, std::cmp::Reverse(*total)));
    let names: Vec<String> = view.options.iter().map(|option| option.name.clone()).collect();
    let page = ResultPage {
        bars: bars.into_iter().map(|(_, bar)| bar).collect(),
        steps: protocol::steps(&l, &names, &view.protocol),
        fingerprint: key(app, poll)?.fingerprint().to_string(),
        view: PollView::of(app, poll).await?,
        result: view,
        l,
    };
    html(&page)
}
