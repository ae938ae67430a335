// After a step to another page the focus is on its heading: whoever hears the page hears where they are, and Tab goes on from there.
import { useEffect, useRef } from 'react';

/** Dialogs and menus give the focus back to what opened them this long after they close; arriving comes after that. */
const AFTER_CLOSING_MS = 30;

let hasMoved = false;

/** Told by the router. The first page of a visit keeps the browser's own beginning. */
export const noteMove = () => {
  hasMoved = true;
};

/** The ref of a page's heading, whose words are the page's name. */
export function useArrival(title: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!hasMoved) return;
    const late = setTimeout(() => {
      if (isLeftBehind(document.activeElement)) heading.current?.focus({ preventScroll: true });
    }, AFTER_CLOSING_MS);
    return () => clearTimeout(late);
  }, [title]);
  return heading;
}

/** Nothing has the focus, or the link that led here has; a dialog or a tab of the page keeps it. */
const isLeftBehind = (element: Element | null) =>
  element === null || element === document.body || element.closest('nav, header') !== null;
