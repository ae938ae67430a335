// Snippets of code in tabs, one for each language or library.
import { Tabs } from '@mantine/core';
import { CodeBlock } from './code';

export type Snippet = { title: string; code: string };

export function Snippets({ snippets }: { snippets: readonly Snippet[] }) {
  const first = snippets[0];
  if (!first) return null;
  return (
    <Tabs defaultValue={first.title}>
      <Tabs.List mb="xs" style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}>
        {snippets.map(({ title }) => (
          <Tabs.Tab key={title} value={title}>
            {title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {snippets.map(({ title, code }) => (
        <Tabs.Panel key={title} value={title}>
          <CodeBlock text={code} label={`${title} snippet`} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
