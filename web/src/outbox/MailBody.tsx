// One mail: its envelope, what happened to it, and, where no server sends it, its words. Nothing of it is rendered.
import { Anchor, Button, Divider, Group, SimpleGrid, Stack, Tabs, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, client } from '../api/client';
import type { Mail } from '../api/nouns';
import { CodeBlock } from '../ui/code';
import { Copy } from '../ui/copy';
import { Field } from '../ui/field';
import { int } from '../ui/format';
import { note, Notice } from '../ui/notice';
import { When } from '../ui/when';
import { Why } from '../ui/why';
import { splitLinks, tokenLinks } from './links';
import { MailState } from './MailState';

export function MailBody({ mail }: { mail: Mail }) {
  return (
    <Stack gap="md">
      <SimpleGrid cols={2} spacing="sm">
        <Field name="To">{mail.to}</Field>
        <Field name="State">
          <MailState mail={mail} />
        </Field>
        <Field name="Made">
          <When at={mail.created_at} as="day" />
        </Field>
        <Field name={mail.sent_at ? 'Sent' : 'Attempts'}>
          {mail.sent_at ? <When at={mail.sent_at} as="day" /> : int(mail.attempts)}
        </Field>
      </SimpleGrid>
      {mail.error && <Notice kind="bad">{mail.error}</Notice>}
      <Retry mail={mail} />
      <Divider color="var(--kw-hairline)" />
      <Words mail={mail} />
    </Stack>
  );
}

function Words({ mail: { text, html } }: { mail: Mail }) {
  if (text === null)
    return (
      <Text size="sm" c="dimmed">
        A mail server is set, so its words are not shown here. They are erased once it is sent.
      </Text>
    );
  const links = tokenLinks(text);
  return (
    <>
      {links.map((link) => (
        <Group
          key={link}
          gap={4}
          wrap="nowrap"
          justify="space-between"
          px="sm"
          py={8}
          bdrs="md"
          bd="1px solid var(--mantine-color-default-border)"
        >
          <Anchor href={link} size="sm" style={{ overflowWrap: 'anywhere' }}>
            {link}
          </Anchor>
          <Copy value={link} label="link" />
        </Group>
      ))}
      <Tabs defaultValue="text">
        <Tabs.List mb="xs">
          <Tabs.Tab value="text">Text</Tabs.Tab>
          {html !== null && <Tabs.Tab value="html">Source of the HTML part</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="text">
          <Plain text={text} />
        </Tabs.Panel>
        {html !== null && (
          <Tabs.Panel value="html">
            <CodeBlock text={html} label="source of the HTML part" mah={420} />
          </Tabs.Panel>
        )}
      </Tabs>
    </>
  );
}

/** The text part as it is, with its links to click. */
function Plain({ text }: { text: string }) {
  return (
    <Text
      component="div"
      size="sm"
      p="sm"
      bdrs="md"
      bg="var(--kw-wash)"
      style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
    >
      {splitLinks(text).map((part, i) =>
        part.isLink ? (
          <Anchor key={i} href={part.text} inherit td="underline">
            {part.text}
          </Anchor>
        ) : (
          <span key={i}>{part.text}</span>
        ),
      )}
    </Text>
  );
}

function Retry({ mail }: { mail: Mail }) {
  const cache = useQueryClient();
  const retry = useMutation({
    mutationFn: () => answer(client.POST('/operator/outbox/{mail}/retry', { params: { path: { mail: mail.id } } })),
    onSuccess: async () => {
      note.done(`The mail to ${mail.to} is tried again.`);
      await cache.invalidateQueries({ queryKey: ['outbox'] });
    },
    onError: note.refused,
  });
  const why = mail.state === 'sent' ? 'It was sent' : mail.text !== null ? 'There is no mail server to try' : null;
  return (
    <Group>
      <Why why={why}>
        <Button
          variant="default"
          leftSection={<IconRefresh size={15} />}
          loading={retry.isPending}
          onClick={() => retry.mutate()}
        >
          Try again
        </Button>
      </Why>
    </Group>
  );
}
