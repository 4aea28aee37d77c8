//! A request reads one version of the directory, and asks once which it is.

use reqwest::StatusCode;

use crate::platform::Platform;

#[tokio::test(flavor = "multi_thread")]
async fn a_page_asks_once_which_version_of_the_directory_is_current() {
    let platform = Platform::start().await;
    if !platform.is_local() {
        return;
    }
    let administrator = platform.browser_of("demo-administrator");
    for (function, path, status) in [
        ("Portal", "/", StatusCode::OK),
        ("Intake", "/submissions/new", StatusCode::OK),
        ("Directory", "/directory", StatusCode::OK),
        ("Directory", "/directory?q=zaozersk", StatusCode::OK),
        ("Directory", "/directory/entries?section=territories", StatusCode::OK),
        ("Directory", "/directory/entries/people/demo-administrator", StatusCode::OK),
        ("Directory", "/directory/entries/people/nobody", StatusCode::NOT_FOUND), // a problem page
    ] {
        let before = platform.host.calls.directory_pointers(function);
        administrator.get(path).await.expect(status);
        assert_eq!(platform.host.calls.directory_pointers(function) - before, 1, "{path}");
    }
}
