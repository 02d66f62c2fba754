//! The words of a filter, one at a time, each with its place.

use super::error::{FilterError, FilterReason, excerpt};

/// A token and where it begins, in characters from 1.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Placed<'a> {
    pub(super) position: usize,
    pub(super) token: Token<'a>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'a> {
    /// A field, a keyword or a number: letters, digits and `_ - . :`, as metadata keys have them.
    Word(&'a str),
    /// Text in quotes, without them.
    Text(String),
    /// One of [`SYMBOLS`].
    Symbol(&'static str),
    /// A character that has no meaning outside text.
    Stray(char),
    /// Nothing more.
    End,
}

/// Longer ones first where one begins another.
const SYMBOLS: [&str; 11] = ["!=", "<=", ">=", "=", "<", ">", "(", ")", "[", "]", ","];

/// Reads tokens; after the last there are only ends.
pub(super) struct Lexer<'a> {
    rest: &'a str,
    position: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text, position: 1 }
    }

    pub(super) fn read(&mut self) -> Result<Placed<'a>, FilterError> {
        self.take_while(char::is_whitespace);
        let position = self.position;
        let token = match self.rest.chars().next() {
            None => Token::End,
            Some(quote @ ('"' | '\'')) => Token::Text(self.text(quote)?),
            Some(first) if is_word(first) => Token::Word(self.take_while(is_word)),
            Some(first) => self.symbol(first),
        };
        Ok(Placed { position, token })
    }

    fn symbol(&mut self, first: char) -> Token<'a> {
        let known = SYMBOLS.into_iter().find(|symbol| self.rest.starts_with(symbol));
        self.take(known.map_or(first.len_utf8(), str::len));
        known.map_or(Token::Stray(first), Token::Symbol)
    }

    fn text(&mut self, quote: char) -> Result<String, FilterError> {
        let unended = self.fail(FilterReason::TextUnended);
        self.take(quote.len_utf8());
        let mut text = String::new();
        loop {
            let position = self.position;
            let fail = |reason| FilterError { position, reason };
            match self.take_char() {
                None => return Err(unended),
                Some(end) if end == quote => return Ok(text),
                Some('\\') => {
                    let escaped = self.take_char().ok_or_else(|| unended.clone())?;
                    text.push(unescape(escaped).ok_or_else(|| fail(FilterReason::EscapeUnknown(escaped)))?);
                }
                Some(control) if control.is_control() => return Err(fail(FilterReason::CharacterForbidden)),
                Some(plain) => text.push(plain),
            }
        }
    }

    fn take_while(&mut self, belongs: fn(char) -> bool) -> &'a str {
        self.take(self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len()))
    }

    fn take_char(&mut self) -> Option<char> {
        let first = self.rest.chars().next()?;
        self.take(first.len_utf8());
        Some(first)
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        self.position += taken.chars().count();
        taken
    }

    fn fail(&self, reason: FilterReason) -> FilterError {
        FilterError { position: self.position, reason }
    }
}

impl Placed<'_> {
    pub(super) fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self.token, Token::Symbol(found) if found == symbol)
    }

    pub(super) fn is_keyword(&self, keyword: &str) -> bool {
        matches!(self.token, Token::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    pub(super) fn fail(&self, reason: FilterReason) -> FilterError {
        FilterError { position: self.position, reason }
    }

    /// The error that something else belongs here.
    pub(super) fn expected(&self, expected: &'static str) -> FilterError {
        let found = match &self.token {
            Token::Word(word) => format!("`{}`", excerpt(word)),
            Token::Text(text) => format!("{:?}", excerpt(text)),
            Token::Symbol(symbol) => format!("`{symbol}`"),
            Token::Stray(stray) => format!("{stray:?}"),
            Token::End => "the end".to_owned(),
        };
        self.fail(FilterReason::Expected { expected, found })
    }
}

/// Whether a character may stand in a word.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || "_-.:".contains(c)
}

fn unescape(escaped: char) -> Option<char> {
    match escaped {
        '\\' | '"' | '\'' => Some(escaped),
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_know_their_place_in_characters() {
        let mut lexer = Lexer::new("größe<=20MB\t('a\\'é\"' ;");
        let mut read = || lexer.read().map(|placed| (placed.position, placed.token)).unwrap();
        assert_eq!(read(), (1, Token::Word("größe")));
        assert_eq!(read(), (6, Token::Symbol("<=")));
        assert_eq!(read(), (8, Token::Word("20MB")));
        assert_eq!(read(), (13, Token::Symbol("(")));
        assert_eq!(read(), (14, Token::Text("a'é\"".into())));
        assert_eq!(read(), (22, Token::Stray(';')));
        assert_eq!((read(), read()), ((23, Token::End), (23, Token::End)));
    }

    #[test]
    fn text_ends_is_printable_and_escapes_what_needs_it() {
        for (text, position, reason) in [
            ("  'abc", 3, FilterReason::TextUnended),
            ("'abc\\", 1, FilterReason::TextUnended),
            ("'abc\\'", 1, FilterReason::TextUnended),
            (r#""é\d""#, 3, FilterReason::EscapeUnknown('d')),
            ("'a\nb'", 3, FilterReason::CharacterForbidden),
            ("'\0'", 2, FilterReason::CharacterForbidden),
        ] {
            assert_eq!(Lexer::new(text).read(), Err(FilterError { position, reason }), "{text}");
        }
    }
}
