//! Places: memory in which the futures of calls lie while they run. Each is several kilobytes; asked for and given back with every
//! call, such memory goes back to the system again and again, and its pages have to be fetched anew.

use std::{
    alloc::{Layout, alloc, dealloc, handle_alloc_error},
    cell::{Cell, RefCell},
    pin::Pin,
    ptr::NonNull,
};

/// How many are kept.
const MAX_KEPT: usize = 64;

/// One thread's unused places. All have the layout of the first future that was put into one.
#[derive(Default)]
pub(crate) struct Places {
    free: RefCell<Vec<NonNull<u8>>>,
    layout: Cell<Option<Layout>>,
}

/// A future in its place, which is free again when this is dropped.
pub(crate) struct Placed<'p, F> {
    future: NonNull<F>,
    places: &'p Places,
}

impl Places {
    /// Puts a future into a place.
    pub fn put<F>(&self, future: F) -> Placed<'_, F> {
        let layout = Layout::new::<F>();
        assert_ne!(layout.size(), 0, "a future that holds nothing needs no place");
        let kept = if self.keeps(layout) { self.free.borrow_mut().pop() } else { None };
        let place = kept.unwrap_or_else(|| {
            // SAFETY: the size is not zero.
            let place = unsafe { alloc(layout) };
            NonNull::new(place).unwrap_or_else(|| handle_alloc_error(layout))
        });
        let place = place.cast::<F>();
        // SAFETY: the place was made for this layout, here or when it was first used, and nothing lies in it.
        unsafe { place.write(future) };
        Placed { future: place, places: self }
    }

    /// Whether places of this layout are kept.
    fn keeps(&self, layout: Layout) -> bool {
        if self.layout.get().is_none() {
            self.layout.set(Some(layout));
        }
        self.layout.get() == Some(layout)
    }
}

impl<F> Placed<'_, F> {
    /// The future, to be polled.
    pub fn as_mut(&mut self) -> Pin<&mut F> {
        // SAFETY: it is written, borrowed by nobody else, and moved out by nobody: it is dropped where it lies.
        unsafe { Pin::new_unchecked(self.future.as_mut()) }
    }
}

impl<F> Drop for Placed<'_, F> {
    fn drop(&mut self) {
        let (place, layout) = (self.future.cast::<u8>(), Layout::new::<F>());
        // SAFETY: it is written, and nobody can reach it any more.
        unsafe { self.future.drop_in_place() };
        let mut free = self.places.free.borrow_mut();
        if self.places.keeps(layout) && free.len() < MAX_KEPT {
            free.push(place);
        } else {
            // SAFETY: it was allocated with this layout.
            unsafe { dealloc(place.as_ptr(), layout) };
        }
    }
}

impl Drop for Places {
    fn drop(&mut self) {
        let Some(layout) = self.layout.get() else { return };
        for place in self.free.get_mut().drain(..) {
            // SAFETY: only places of this layout are kept.
            unsafe { dealloc(place.as_ptr(), layout) };
        }
    }
}

#[cfg(test)]
mod tests {
    //! What is put somewhere lives as long as it stays there, and its place is used again.

    use std::rc::Rc;

    use super::*;

    #[test]
    fn a_place_is_used_again_and_what_lay_in_it_is_dropped() {
        let (places, token) = (Places::default(), Rc::new(7_u64));
        let mut first = places.put(Rc::clone(&token));
        assert_eq!((**first.as_mut(), Rc::strong_count(&token)), (7, 2));
        let place = first.future;
        drop(first);
        assert_eq!(Rc::strong_count(&token), 1);
        assert_eq!(places.put(Rc::clone(&token)).future, place);
    }

    #[test]
    fn what_has_another_layout_is_not_kept() {
        let places = Places::default();
        drop(places.put([0_u8; 100]));
        drop(places.put([0_u8; 101]));
        drop(places.put(0_u64));
        assert_eq!(places.free.borrow().len(), 1);
        drop(places.put([1_u8; 100]));
        assert_eq!(places.free.borrow().len(), 1);
    }

    #[test]
    fn not_more_are_kept_than_may_be() {
        let places = Places::default();
        let many: Vec<_> = (0..2 * MAX_KEPT).map(|number| places.put(number)).collect();
        drop(many);
        assert_eq!(places.free.borrow().len(), MAX_KEPT);
    }
}
