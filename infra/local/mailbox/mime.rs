//! As much of MIME as the platform's own mail needs: folded headers, encoded words, parts, quoted-printable and base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A mail, or a part of one.
pub struct Mail {
    headers: Vec<(String, String)>,
    body: String,
}

impl Mail {
    /// Reads the source of a mail.
    pub fn parse(source: &str) -> Self {
        let source = source.replace("\r\n", "\n");
        let (head, body) = source.split_once("\n\n").unwrap_or((&source, ""));
        let mut headers: Vec<(String, String)> = Vec::new();
        for line in head.lines() {
            // A line that begins with a space goes on with the one before.
            if let (true, Some((_, value))) = (line.starts_with([' ', '\t']), headers.last_mut()) {
                value.push(' ');
                value.push_str(line.trim());
                continue;
            }
            let (name, value) = line.split_once(':').unwrap_or((line, ""));
            headers.push((name.to_owned(), value.trim().to_owned()));
        }
        Self { headers, body: body.to_owned() }
    }

    fn raw(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }

    /// A header, decoded; empty if it is not there.
    pub fn header(&self, name: &str) -> String {
        decode_words(self.raw(name))
    }

    /// The plain text.
    pub fn text(&self) -> String {
        self.part("text/plain")
    }

    /// The part of this type, decoded; empty if there is none.
    pub fn part(&self, kind: &str) -> String {
        if let Some((_, boundary)) = self.raw("Content-Type").split_once("boundary=") {
            let delimiter = format!("--{}", boundary.trim_matches('"'));
            let mut parts =
                self.body.split(delimiter.as_str()).skip(1).map(|part| Self::parse(part.trim_start()));
            let found = parts.find(|part| part.raw("Content-Type").starts_with(kind));
            return found.map_or_else(String::new, |part| part.part(kind));
        }
        let bytes = match self.raw("Content-Transfer-Encoding") {
            "base64" => from_base64(&self.body),
            "quoted-printable" => from_quoted(&self.body.replace("=\n", "")),
            _ => self.body.clone().into_bytes(),
        };
        String::from_utf8_lossy(&bytes).trim().to_owned()
    }
}

fn from_base64(text: &str) -> Vec<u8> {
    let letters: String = text.split_whitespace().collect();
    STANDARD.decode(letters).unwrap_or_default()
}

fn from_quoted(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let coded =
            after.get(..2).and_then(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        match coded {
            Some(coded) if byte == b'=' => {
                bytes.push(coded);
                rest = &after[2..];
            }
            _ => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    bytes
}

/// Encoded words (RFC 2047) of UTF-8; the space between two of them is not meant.
fn decode_words(value: &str) -> String {
    let mut text = String::new();
    let mut rest = value;
    let mut after_word = false;
    while let Some((before, word)) = rest.split_once("=?") {
        let mut parts = word.splitn(4, '?');
        let (Some(_), Some(coding), Some(coded), Some(end)) =
            (parts.next(), parts.next(), parts.next(), parts.next().and_then(|end| end.strip_prefix('=')))
        else {
            break;
        };
        if !(after_word && before.trim().is_empty()) {
            text.push_str(before);
        }
        let bytes = match coding {
            "b" | "B" => from_base64(coded),
            _ => from_quoted(&coded.replace('_', " ")),
        };
        text.push_str(&String::from_utf8_lossy(&bytes));
        after_word = true;
        rest = end;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_unfolded_and_decoded() {
        let mail = Mail::parse(
            "Subject: =?utf-8?b?0K/QvNCw?=\r\n =?utf-8?b?INGC0YPRgg==?= now\r\nTo: a@mail.example\r\n\r\nText",
        );
        assert_eq!(mail.header("subject"), "Яма тут now");
        assert_eq!((mail.header("To"), mail.header("Cc")), ("a@mail.example".into(), String::new()));
        assert_eq!(Mail::parse("Subject: =?utf-8?Q?a=3Db_c?=\n\n").header("Subject"), "a=b c");
        assert_eq!(mail.text(), "Text");
    }

    #[test]
    fn the_plain_part_is_found_and_decoded() {
        let source = "Content-Type: multipart/alternative;\r\n boundary=\"x\"\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\
            Content-Transfer-Encoding: quoted-printable\r\n\r\n=D0=AF=D0=BC=\r\n=D0=B0 =3D 1\r\n--x\r\nContent-Type: text/html\r\n\r\n<b>\r\n--x--\r\n";
        assert_eq!(Mail::parse(source).text(), "Яма = 1");
        let source = "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n0K/QvNCw\r\n";
        assert_eq!(Mail::parse(source).text(), "Яма");
    }
}
