// A mail's text is shown whole, and only web addresses in it can be clicked.
import { expect, test } from 'vitest';
import { splitLinks, tokenLinks } from './links';

const links = (text: string) =>
  splitLinks(text)
    .filter(({ isLink }) => isLink)
    .map((part) => part.text);

test.each([
  ['Open http://127.0.0.1:8080/activate#abc-_DEF within 7 days.', ['http://127.0.0.1:8080/activate#abc-_DEF']],
  ['(https://a.example/x).', ['https://a.example/x']],
  ['javascript:alert(1) data:text/html,x mailto:a@b', []],
  ['<a href="https://a.example">x</a>', ['https://a.example']],
  ['', []],
])('%s', (text, found) => {
  expect(links(text)).toEqual(found);
  expect(
    splitLinks(text)
      .map((part) => part.text)
      .join(''),
  ).toBe(text);
});

test('only a link with a token is offered to follow, and once', () => {
  const text = 'Open https://a.example/activate#tok or https://a.example/activate#tok.\nKeyward, https://a.example';
  expect(tokenLinks(text)).toEqual(['https://a.example/activate#tok']);
});
