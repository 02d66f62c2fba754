//! Cursor: where a page begins, and where its neighbours do.
//!
//! The pagination of Django REST framework with its cursor unpacked into the query: `from` is a position before the page, `to` one after
//! it, and `offset` counts the items to skip next to that position, for items that share one. Positions are instants in microseconds, or
//! sizes in bytes.

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    /// Strictly after this, in the order asked for; or strictly before it, when in reverse. At the beginning when none.
    pub position: Option<i64>,
    /// How many items next to the position are left out.
    pub offset: i64,
    /// The page is the stretch that ends at the position.
    pub is_reverse: bool,
}

/// Where a neighbour begins: the position and offset of its cursor, whose direction is told by which neighbour it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub position: Option<i64>,
    pub offset: i64,
}

/// The sides of a page: what its cursor and the item beyond it tell of each.
struct Side {
    is_there: bool,
    position: Option<i64>,
}

impl Cursor {
    /// What the parameters say; of both positions the first counts.
    pub fn at(from: Option<i64>, to: Option<i64>, offset: i64) -> Self {
        Self { position: from.or(to), offset, is_reverse: from.is_none() && to.is_some() }
    }

    /// Takes the item that lies beyond the page, if one more than fits was found.
    pub fn split<T>(&self, items: &mut Vec<T>, limit: i64) -> Option<T> {
        if items.len() as i64 <= limit {
            None
        } else if self.is_reverse {
            Some(items.remove(0))
        } else {
            items.pop()
        }
    }

    /// The page after and the page before, by the positions on this page in the order asked for and the position of the item beyond it.
    pub fn neighbours(
        &self,
        page: &[i64],
        beyond: Option<i64>,
        limit: i64,
        is_descending: bool,
    ) -> (Option<Place>, Option<Place>) {
        let came_from = Side { is_there: self.position.is_some() || self.offset > 0, position: self.position };
        let goes_to = Side { is_there: beyond.is_some(), position: beyond };
        let (next, previous) = if self.is_reverse { (came_from, goes_to) } else { (goes_to, came_from) };
        (
            next.is_there.then(|| self.after(page, &next, &previous, limit)),
            previous.is_there.then(|| self.before(page, &next, &previous, limit, is_descending)),
        )
    }

    fn after(&self, page: &[i64], next: &Side, previous: &Side, limit: i64) -> Place {
        let beyond = match page.last() {
            None => return Place::at(next.position),
            Some(last) if self.is_reverse && self.offset != 0 => Some(*last),
            Some(_) => next.position,
        };
        Place::next_to(page.iter().rev(), beyond).unwrap_or_else(|| {
            if !previous.is_there {
                Place { position: None, offset: limit }
            } else if self.is_reverse {
                Place::at(previous.position)
            } else {
                Place { position: previous.position, offset: self.offset + limit }
            }
        })
    }

    fn before(&self, page: &[i64], next: &Side, previous: &Side, limit: i64, is_descending: bool) -> Place {
        let beyond = match page.first() {
            None => return Place::at(previous.position),
            Some(first) if !self.is_reverse && self.offset != 0 => Some(*first),
            Some(_) => previous.position,
        };
        Place::next_to(page.iter(), beyond).unwrap_or_else(|| {
            if !next.is_there {
                // A `to` cannot say "the end" as the framework does, but it can name the position right after the last item.
                let step = if is_descending { -1 } else { 1 };
                Place { position: page.last().map(|last| last + step), offset: page.len() as i64 }
            } else if self.is_reverse {
                Place { position: next.position, offset: self.offset + limit }
            } else {
                Place::at(next.position)
            }
        })
    }
}

impl Place {
    fn at(position: Option<i64>) -> Self {
        Self { position, offset: 0 }
    }

    /// The nearest item, seen from outside, whose position is not that of the item beyond it; with the number of items passed.
    fn next_to<'a>(items: impl Iterator<Item = &'a i64>, mut beyond: Option<i64>) -> Option<Self> {
        for (passed, item) in items.enumerate() {
            if beyond != Some(*item) {
                return Some(Self { position: Some(*item), offset: passed as i64 });
            }
            beyond = Some(*item);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const START: Cursor = Cursor { position: None, offset: 0, is_reverse: false };

    /// What the store answers, and the links of it.
    fn page(
        items: &[i64],
        cursor: Cursor,
        limit: i64,
        is_descending: bool,
    ) -> (Vec<i64>, Option<Place>, Option<Place>) {
        let mut items = items.to_vec();
        items.sort_unstable();
        if is_descending != cursor.is_reverse {
            items.reverse();
        }
        let is_beyond = |item: &i64| match cursor.position {
            None => true,
            Some(position) if is_descending != cursor.is_reverse => *item < position,
            Some(position) => *item > position,
        };
        let found = items.into_iter().filter(is_beyond).skip(cursor.offset as usize);
        let mut found: Vec<i64> = found.take(limit as usize + 1).collect();
        if cursor.is_reverse {
            found.reverse();
        }
        let beyond = cursor.split(&mut found, limit);
        let (next, previous) = cursor.neighbours(&found, beyond, limit, is_descending);
        (found, next, previous)
    }

    fn forward(place: Place) -> Cursor {
        Cursor { position: place.position, offset: place.offset, is_reverse: false }
    }

    fn backward(place: Place) -> Cursor {
        Cursor { position: place.position, offset: place.offset, is_reverse: true }
    }

    proptest! {
        #[test]
        fn following_next_meets_every_item_once(items in prop::collection::vec(0_i64..6, 0..30), limit in 1_i64..5, is_descending: bool) {
            let mut expected = items.clone();
            expected.sort_unstable();
            if is_descending {
                expected.reverse();
            }
            let (mut met, mut next, _) = page(&items, START, limit, is_descending);
            while let Some(place) = next {
                let (more, then, previous) = page(&items, forward(place), limit, is_descending);
                prop_assert!(!more.is_empty() && previous.is_some());
                met.extend(more);
                next = then;
            }
            prop_assert_eq!(met, expected);
        }

        #[test]
        fn previous_leads_back_the_same_way(count in 1_i64..40, limit in 1_i64..5, is_descending: bool) {
            let items: Vec<i64> = (0..count).map(|n| n * 10).collect();
            let (first, mut next, previous) = page(&items, START, limit, is_descending);
            prop_assert_eq!(previous, None);
            let mut pages = vec![first];
            let mut back = None;
            while let Some(place) = next {
                let (more, then, previous) = page(&items, forward(place), limit, is_descending);
                pages.push(more);
                (next, back) = (then, previous);
            }
            pages.pop();
            while let Some(place) = back {
                let (earlier, next, previous) = page(&items, backward(place), limit, is_descending);
                prop_assert_eq!(Some(earlier), pages.pop());
                prop_assert!(next.is_some());
                back = previous;
            }
            prop_assert!(pages.is_empty());
        }
    }

    #[test]
    fn a_position_of_the_callers_own_has_a_previous_page() {
        let cursor = Cursor::at(Some(15), None, 0);
        let expected = (vec![20, 30], None, Some(Place::at(Some(20))));
        assert_eq!(page(&[10, 20, 30], cursor, 2, false), expected);
        assert_eq!(page(&[10], cursor, 2, false), (vec![], None, Some(Place::at(Some(15)))));
    }

    #[test]
    fn a_page_before_a_position_has_a_next_one() {
        let cursor = Cursor::at(None, Some(30), 0);
        let expected = (vec![10, 20], Some(Place::at(Some(20))), None);
        assert_eq!(page(&[10, 20, 30], cursor, 2, false), expected);
    }

    #[test]
    fn items_that_share_a_position_are_counted() {
        let (items, next, _) = page(&[10, 20, 20, 20, 30], START, 3, false);
        assert_eq!((items, next), (vec![10, 20, 20], Some(Place { position: Some(10), offset: 2 })));
        let last = Cursor { position: None, offset: 1, is_reverse: false };
        let (items, _, previous) = page(&[20, 20, 20], last, 3, false);
        assert_eq!(items, [20, 20]);
        assert_eq!(page(&[20, 20, 20], backward(previous.unwrap()), 3, false).0, [20]);
    }
}
