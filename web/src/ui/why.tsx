// A button one may not press stays where it is, reachable by keyboard, and says why.
import { Tooltip } from '@mantine/core';
import { cloneElement, type MouseEvent, type ReactElement } from 'react';
import type { Allowed } from '../api/nouns';

type Pressable = { onClick?: (event: MouseEvent) => void; 'data-disabled'?: boolean; 'aria-disabled'?: boolean };

const refuse = (event: MouseEvent) => {
  event.preventDefault();
  event.stopPropagation();
};

/** `why` null: the button as it is. */
export function Why({ why, children }: { why: string | null; children: ReactElement<Pressable> }) {
  if (why === null) return children;
  return (
    <Tooltip label={why} events={{ hover: true, focus: true, touch: true }}>
      {cloneElement(children, { onClick: refuse, 'data-disabled': true, 'aria-disabled': true })}
    </Tooltip>
  );
}

/** The API's word on an action, as `why` takes it. */
export const whyNot = ({ allowed, why }: Allowed): string | null => (allowed ? null : (why ?? 'You may not do this'));
