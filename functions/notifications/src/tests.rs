//! The function over the tables and a folder of mail, without a platform around it.

use engines::{Workbench, batch};
use events::{Consumer, Delivery};
use store::Contact;

use super::*;

async fn tell(bench: &Workbench, deliveries: &[Delivery]) -> usize {
    let notifier = Notifier::new(bench.app("Notifications").unwrap());
    notifier.handle(batch(deliveries).unwrap()).await.batch_item_failures.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_author_is_told_of_an_answer_once() {
    let bench = Workbench::start().await.unwrap();
    let (store, author) = (bench.store(), "author".parse().unwrap());
    let email = Some("author@mail.example".to_owned());
    store.keep_contact(&Contact { person: "author".parse().unwrap(), name: None, email }).await.unwrap();
    bench.answered().await.unwrap();
    let deliveries = bench.pending(Consumer::Notifications).await.unwrap();

    for _ in 0..2 {
        assert_eq!(tell(&bench, &deliveries).await, 0);
    }
    assert_eq!(bench.pending(Consumer::Notifications).await.unwrap(), []);
    let notices = store.notices(&author, None, 50).await.unwrap().items;
    let kinds: Vec<_> = notices.iter().map(|notice| notice.kind.as_str()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "answered").count(), 1, "{kinds:?}");
    let mails = std::fs::read_dir(bench.folder().join("mail")).unwrap().count();
    assert!(mails > 0, "mail went into the folder");
    tell(&bench, &deliveries).await;
    assert_eq!(std::fs::read_dir(bench.folder().join("mail")).unwrap().count(), mails);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_that_cannot_be_read_fails_alone_and_stays() {
    let bench = Workbench::start().await.unwrap();
    let broken = bench.routed().await.unwrap();
    bench.routed().await.unwrap();
    bench.spoil(&store::keys::state(broken.id)).await.unwrap();
    let deliveries = bench.pending(Consumer::Notifications).await.unwrap();
    let of_broken = deliveries.iter().filter(|delivery| delivery.subject == broken.id.into()).count();
    assert!(0 < of_broken && of_broken < deliveries.len());
    assert_eq!(tell(&bench, &deliveries).await, of_broken);
    assert_eq!(bench.pending(Consumer::Notifications).await.unwrap().len(), of_broken);
}
