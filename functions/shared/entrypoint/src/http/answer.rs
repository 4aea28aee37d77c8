//! Answers that Lambda can send.

use axum::body::{Body, to_bytes};
use axum::response::{IntoResponse, Response};

use super::failure::Failure;

/// The longest body that is sent, in bytes. Lambda takes 6 MB from a function, and a compressed body counts as its base64, which is
/// longer by a third ([quotas](https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html)).
const LIMIT: usize = 4_400_000;

/// The answer, or a problem that says what to ask for instead if it is too large: Lambda would throw it away and say nothing.
pub async fn sendable(answer: Response) -> Response {
    let (parts, body) = answer.into_parts();
    match to_bytes(body, LIMIT).await {
        Ok(bytes) => Response::from_parts(parts, Body::from(bytes)),
        Err(error) => match std::error::Error::source(&error) {
            Some(source) if source.is::<http_body_util::LengthLimitError>() => {
                Failure::AnswerTooLarge.into_response()
            }
            _ => Failure::internal(error).into_response(),
        },
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;

    #[tokio::test]
    async fn what_lambda_would_throw_away_becomes_a_problem() {
        let answer = |bytes| (StatusCode::CREATED, vec![b'a'; bytes]).into_response();
        let sent = sendable(answer(LIMIT)).await;
        assert_eq!(sent.status(), StatusCode::CREATED);
        assert_eq!(to_bytes(sent.into_body(), usize::MAX).await.unwrap().len(), LIMIT);
        let sent = sendable(answer(LIMIT + 1)).await;
        assert_eq!(sent.status(), StatusCode::NOT_ACCEPTABLE);
        let said = to_bytes(sent.into_body(), usize::MAX).await.unwrap();
        assert!(String::from_utf8_lossy(&said).contains("Accept-Encoding: gzip"));
        let broken = Body::from_stream(futures::stream::once(async { Err::<Vec<u8>, _>("gone") }));
        assert_eq!(sendable(Response::new(broken)).await.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
