//! The Lambda Runtime API for one process: one payload, then nothing more. The next process gets an address of its own, or
//! the last request of a killed one could take its payload.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::Context;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

/// What a function does.
pub(crate) enum Heard {
    /// It asks for work.
    Next { at: Instant },
    /// It has answered.
    Answer { at: Instant, body: Value },
    /// It could not start or not answer.
    Error { body: String },
}

pub(crate) struct RuntimeApi {
    /// Host and port.
    pub(crate) address: String,
    heard: UnboundedReceiver<Heard>,
    server: JoinHandle<()>,
}

#[derive(Clone)]
struct Shared {
    /// Taken by the first who asks.
    payload: Arc<Mutex<Option<String>>>,
    heard: UnboundedSender<Heard>,
}

impl RuntimeApi {
    pub(crate) async fn start(payload: &str) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?.to_string();
        let (send, heard) = unbounded_channel();
        let shared = Shared { payload: Arc::new(Mutex::new(Some(payload.to_owned()))), heard: send };
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{request}/{outcome}", post(outcome))
            .route("/2018-06-01/runtime/init/error", post(failed))
            .with_state(shared);
        let server = tokio::spawn(async move {
            let _never_ends = axum::serve(listener, router).await;
        });
        Ok(Self { address, heard, server })
    }

    pub(crate) async fn heard(&mut self) -> anyhow::Result<Heard> {
        self.heard.recv().await.context("the Runtime API has stopped")
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn next(State(shared): State<Shared>) -> Response {
    let at = Instant::now();
    let payload = shared.payload.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(payload) = payload else { return std::future::pending().await };
    let _nobody_listens = shared.heard.send(Heard::Next { at });
    let headers = [
        ("Lambda-Runtime-Aws-Request-Id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"),
        ("Lambda-Runtime-Deadline-Ms", "4102444800000"),
        ("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:bench"),
        ("Content-Type", "application/json"),
    ];
    (headers, payload).into_response()
}

async fn outcome(
    State(shared): State<Shared>,
    Path((_, outcome)): Path<(String, String)>,
    body: String,
) -> StatusCode {
    let at = Instant::now();
    let heard = match serde_json::from_str(&body) {
        Ok(body) if outcome == "response" => Heard::Answer { at, body },
        _ => Heard::Error { body },
    };
    let _nobody_listens = shared.heard.send(heard);
    StatusCode::ACCEPTED
}

async fn failed(State(shared): State<Shared>, body: String) -> StatusCode {
    let _nobody_listens = shared.heard.send(Heard::Error { body });
    StatusCode::ACCEPTED
}
