use super::*;
#[test]
fn look() {
    let g = Generator::country(1).unwrap();
    let mut t = Truth::new(&g);
    for m in g.messages(0..40000) {
        t.add(&g, &m);
        println!("{}", serde_json::to_string(&Line::from(&m)).unwrap());
    }
    println!("TRUTH{}", serde_json::to_string(&t).unwrap());
}
