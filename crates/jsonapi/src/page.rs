//! Pages of a list: `page` and `items` in the query, `pagination` in the answer (section 2.4, C5, C6).

use crate::document::Pagination;
use crate::error::Refusal;
use web::form;
use web::params::Params;

/// How many records a page has unless `items` says otherwise.
const ITEMS_DEFAULT: i64 = 20;
/// The most that `items` gets, however many it asks for.
const ITEMS_MAX: i64 = 100;

/// Which page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    number: i64,
    items: i64,
}

impl Page {
    /// From the query. An empty value is as good as none.
    pub(crate) fn of(query: Option<&str>) -> Result<Self, Refusal> {
        let query = Params::parse(query.unwrap_or_default().as_bytes()).map_err(form::Error::from)?;
        let read = |name: &'static str, default| match query.get(name).map(str::trim) {
            None | Some("") => Ok(default),
            Some(text) => leading_number(text).filter(|number| *number >= 1).ok_or(Refusal::Page(name)),
        };
        Ok(Self { number: read("page", 1)?, items: read("items", ITEMS_DEFAULT)?.min(ITEMS_MAX) })
    }

    /// How many records come before it.
    pub(crate) fn skip(self) -> i64 {
        (self.number - 1).saturating_mul(self.items)
    }

    /// How many records it has at most.
    pub(crate) const fn limit(self) -> i64 {
        self.items
    }

    /// What the answer says of it when there are so many records in all.
    pub(crate) fn among(self, count: i64) -> Pagination {
        Pagination {
            count,
            page: self.number,
            items: self.items,
            pages: ((count + self.items - 1) / self.items).max(1),
        }
    }
}

/// As the reference's language reads a number: digits as far as they go, so `2x` is 2. One too great to count is the greatest.
fn leading_number(text: &str) -> Option<i64> {
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let length = digits.bytes().take_while(u8::is_ascii_digit).count();
    let number = match &digits[..length] {
        "" => return None,
        digits => digits.parse().unwrap_or(i64::MAX),
    };
    Some(if is_negative { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(query: &str) -> Result<Page, Refusal> {
        Page::of(Some(query))
    }

    #[track_caller]
    fn check(query: &str, number: i64, items: i64) {
        assert_eq!(page(query).unwrap(), Page { number, items }, "{query}");
    }

    #[test]
    fn pages_and_items_as_c5_and_c6_read_them() {
        check("", 1, 20);
        check("page=&items=", 1, 20);
        check("page=2&items=2", 2, 2);
        check("page=2x&items=%2B3", 2, 3);
        check("items=100", 1, 100);
        check("items=101", 1, 100);
        check("page=99999999999999999999", i64::MAX, 20);
    }

    #[test]
    fn what_is_no_page_is_refused() {
        for query in ["page=0", "page=-1", "page=x", "items=0", "items=-5", "items=ten", "page=-", "page=%C3%A9"] {
            assert!(matches!(page(query), Err(Refusal::Page(_))), "{query}");
        }
    }

    #[test]
    fn pagination_counts_pages() {
        let pages = |query, count| page(query).unwrap().among(count).pages;
        assert_eq!([0, 1, 20, 21].map(|count| pages("", count)), [1, 1, 1, 2]);
        assert_eq!(pages("items=2", 3), 2);
        assert_eq!(page("page=3&items=2").unwrap().skip(), 4);
        assert_eq!(page("page=99999999999999999999&items=2").unwrap().skip(), i64::MAX);
    }
}
