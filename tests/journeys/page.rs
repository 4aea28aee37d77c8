//! A page as a browser has it: its elements, its text, its forms and what they would send.

use std::collections::HashSet;

use scraper::{ElementRef, Html, Node, Selector};

/// A page in which every id stands once, and in which a browser has nothing to mend.
pub(crate) struct Page(Html);

/// A form of a page.
pub(crate) struct Form<'p>(ElementRef<'p>);

/// What is filled in, offered, embedded or only shown at a pointer.
const NO_TEXT: [&str; 7] = ["datalist", "script", "select", "style", "template", "textarea", "title"];
const WITHIN_A_LINE: [&str; 8] = ["a", "b", "code", "del", "ins", "mark", "span", "time"];

fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap_or_else(|error| panic!("«{css}»: {error}"))
}

/// The white space of HTML as one blank.
fn collapsed(text: &str) -> String {
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

fn text_of(element: ElementRef<'_>) -> String {
    fn write(element: ElementRef<'_>, text: &mut String) {
        for child in element.children() {
            if let Node::Text(own) = child.value() {
                text.push_str(own);
            }
            let Some(inner) = ElementRef::wrap(child) else { continue };
            let name = inner.value().name();
            let edge = if WITHIN_A_LINE.contains(&name) { "" } else { " " };
            text.push_str(edge);
            if !NO_TEXT.contains(&name) {
                write(inner, text);
            }
            text.push_str(edge);
        }
    }
    let mut text = String::new();
    write(element, &mut text);
    collapsed(&text)
}

impl Page {
    #[track_caller]
    pub(crate) fn of(html: &str) -> Self {
        let page = Self(Html::parse_document(html));
        assert!(page.0.errors.is_empty(), "{:?}: {html}", page.0.errors);
        let mut ids = HashSet::new();
        let twice: Vec<_> = page.attributes("[id]", "id").into_iter().filter(|id| !ids.insert(*id)).collect();
        assert!(twice.is_empty(), "ids that stand twice: {twice:?}: {html}");
        page
    }

    fn all(&self, css: &str) -> Vec<ElementRef<'_>> {
        self.0.select(&selector(css)).collect()
    }

    /// The only one.
    #[track_caller]
    fn one(&self, css: &str) -> ElementRef<'_> {
        let found = self.all(css);
        assert_eq!(found.len(), 1, "«{css}» in {}", self.0.html());
        found[0]
    }

    pub(crate) fn count(&self, css: &str) -> usize {
        self.all(css).len()
    }

    #[track_caller]
    pub(crate) fn has(&self, css: &str) -> &Self {
        assert!(self.count(css) > 0, "no «{css}» in {}", self.0.html());
        self
    }

    #[track_caller]
    pub(crate) fn lacks(&self, css: &str) -> &Self {
        assert_eq!(self.count(css), 0, "«{css}» in {}", self.0.html());
        self
    }

    /// One of these elements has this text and no other.
    #[track_caller]
    pub(crate) fn shows(&self, css: &str, text: &str) -> &Self {
        let shown = self.texts(css);
        assert!(shown.contains(&collapsed(text)), "«{text}» is not among {shown:?} of {}", self.0.html());
        self
    }

    /// The text of the only element of this kind.
    #[track_caller]
    pub(crate) fn text(&self, css: &str) -> String {
        text_of(self.one(css))
    }

    pub(crate) fn texts(&self, css: &str) -> Vec<String> {
        self.all(css).into_iter().map(text_of).collect()
    }

    /// An attribute of the only element of this kind.
    #[track_caller]
    pub(crate) fn attribute(&self, css: &str, name: &str) -> &str {
        self.one(css).attr(name).unwrap_or_else(|| panic!("«{css}» has no {name}: {}", self.0.html()))
    }

    pub(crate) fn attributes(&self, css: &str, name: &str) -> Vec<&str> {
        self.all(css).into_iter().filter_map(|element| element.attr(name)).collect()
    }

    /// A text that one reads; what stands in fields is no such text.
    #[track_caller]
    pub(crate) fn says(&self, text: &str) -> &Self {
        let said = self.text("body");
        assert!(said.contains(&collapsed(text)), "«{text}» is not said: {}", self.0.html());
        self
    }

    /// A text that stands nowhere: in no text, no field, no attribute, no comment.
    #[track_caller]
    pub(crate) fn conceals(&self, text: &str) -> &Self {
        let stands = self.0.tree.nodes().any(|node| match node.value() {
            Node::Text(own) => own.contains(text),
            Node::Comment(own) => own.contains(text),
            Node::Element(element) => element.attrs().any(|(_, value)| value.contains(text)),
            _ => false,
        });
        assert!(!stands && !self.text("body").contains(text), "«{text}» is told: {}", self.0.html());
        self
    }

    /// What is wrong with a field: it stands beside the field, and in the list at the top with a link to it.
    #[track_caller]
    pub(crate) fn error(&self, field: &str) -> String {
        let listed = self.text(&format!("main .summary[role=alert] a[href='#{field}']"));
        let beside = self.text(&format!(".field--wrong > .error[id='{field}-error']"));
        assert!(beside.ends_with(&listed), "«{listed}», but «{beside}» beside the field");
        self.has(&format!("[id='{field}'][aria-describedby~='{field}-error']"));
        listed
    }

    /// What others wrote is text: no script but the site's own, no handler, nothing embedded, no second title.
    #[track_caller]
    pub(crate) fn has_no_markup_of_others(&self) -> &Self {
        let is_handler =
            |element: &ElementRef<'_>| element.value().attrs().any(|(name, _)| name.starts_with("on"));
        assert!(!self.all("*").iter().any(is_handler), "{}", self.0.html());
        self.lacks("script:not([src^='/static/']), img, iframe, object, embed, base, [http-equiv]");
        self.lacks("[href^='javascript:' i]").lacks("body title:not(svg title)");
        assert_eq!(self.count("head > title"), 1);
        self
    }

    #[track_caller]
    pub(crate) fn form(&self, css: &str) -> Form<'_> {
        Form(self.one(css))
    }

    /// What would be sent for a field, in whatever form of the page it stands.
    #[track_caller]
    pub(crate) fn field(&self, name: &str) -> String {
        let forms = self.all(&format!("main form:has([name='{name}'])"));
        let mut values: Vec<String> = forms.into_iter().map(|form| Form(form).field(name)).collect();
        values.dedup();
        assert_eq!(values.len(), 1, "«{name}» is {values:?}: {}", self.0.html());
        values.remove(0)
    }
}

impl<'p> Form<'p> {
    fn all(&self, css: &str) -> Vec<ElementRef<'p>> {
        self.0.select(&selector(css)).collect()
    }

    /// What a browser would send, no button pressed.
    fn fields(&self) -> Vec<(String, String)> {
        let fields = self.all("input:not([disabled]), select:not([disabled]), textarea:not([disabled])");
        fields.into_iter().filter_map(|of| Some((of.attr("name")?.to_owned(), value(of)?))).collect()
    }

    #[track_caller]
    pub(crate) fn field(&self, name: &str) -> String {
        let mut fields = self.fields();
        fields.retain(|(own, _)| own == name);
        assert_eq!(fields.len(), 1, "«{name}» is {fields:?}: {}", self.0.html());
        fields.remove(0).1
    }

    /// Where it leads and what it sends with these fields filled in, boxes ticked and buttons pressed.
    #[track_caller]
    pub(crate) fn filled(&self, fields: &[(&str, &str)]) -> (&'p str, Vec<(String, String)>) {
        assert_eq!(self.0.attr("method"), Some("post"), "{}", self.0.html());
        let mut leads_to = self.0.attr("action").unwrap();
        for (name, value) in fields {
            let mut takers = self.all(&format!("[name='{name}']"));
            takers.retain(|of| {
                let is_fixed =
                    of.value().name() == "button" || matches!(of.attr("type"), Some("radio" | "checkbox"));
                !is_fixed || of.attr("value") == Some(*value)
            });
            assert!(!takers.is_empty(), "no «{name}» takes «{value}»: {}", self.0.html());
            leads_to = takers[0].attr("formaction").unwrap_or(leads_to);
        }
        let mut all = self.fields();
        all.retain(|(own, _)| !fields.iter().any(|(name, _)| name == own));
        all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        (leads_to, all)
    }
}

/// What would be sent for a field as it stands.
fn value(field: ElementRef<'_>) -> Option<String> {
    match (field.value().name(), field.attr("type")) {
        ("textarea", _) => Some(field.text().collect::<String>().replace('\n', "\r\n")),
        ("select", _) => {
            let chosen = field.select(&selector("option[selected]")).last();
            chosen.or_else(|| field.select(&selector("option")).next())?.attr("value").map(str::to_owned)
        }
        (_, Some("radio" | "checkbox")) if field.attr("checked").is_none() => None,
        (_, Some("file")) => None,
        _ => Some(field.attr("value").unwrap_or_default().to_owned()),
    }
}
