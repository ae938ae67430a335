// Links in a mail's text: found by their scheme, so that nothing but http and https can be clicked.
export type Part = { text: string; isLink: boolean };

/** The text in pieces; joined they are the text again. A full stop behind a link is not part of it. */
export function splitLinks(text: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(/https?:\/\/[^\s<>"']+/g)) {
    const link = match[0].replace(/[.,;:!?)\]]+$/, '');
    if (match.index > end) parts.push({ text: text.slice(end, match.index), isLink: false });
    parts.push({ text: link, isLink: true });
    end = match.index + link.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), isLink: false });
  return parts;
}

/** The links one is meant to follow: those that carry a token behind the #. */
export const tokenLinks = (text: string): string[] => [
  ...new Set(splitLinks(text).flatMap((part) => (part.isLink && part.text.includes('#') ? [part.text] : []))),
];
