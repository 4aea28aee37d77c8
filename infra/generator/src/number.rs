//! Numbers in figures.

/// Writes a number without the machinery of formatting, which costs more than the number.
pub(super) fn push_number(number: u32, out: &mut String) {
    if number > 9 {
        push_number(number / 10, out);
    }
    out.push(char::from_digit(number % 10, 10).unwrap_or('0'));
}
