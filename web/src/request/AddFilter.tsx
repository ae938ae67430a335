// Adds one filter: first by what, then which.
import { Button, Group, Popover, Select, Stack, TextInput, UnstyledButton } from '@mantine/core';
import { IconFilterPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { MemberSelect } from '../member/MemberSelect';
import type { RequestFilter } from './filter';
import type { FieldChoice } from './options';

type AddProps = { filter: RequestFilter; onFilter: (filter: RequestFilter) => void; choices: readonly FieldChoice[] };

export function AddFilter({ filter, onFilter, choices }: AddProps) {
  const [opened, setOpened] = useState(false);
  const [choice, setChoice] = useState<FieldChoice | null>(null);
  const show = (next: boolean) => {
    setOpened(next);
    setChoice(null);
  };
  const apply = (value: string) => {
    if (choice) onFilter({ ...filter, [choice.field]: value });
    show(false);
  };
  return (
    <Popover
      opened={opened}
      onChange={show}
      position="bottom-start"
      width={choice ? 280 : 180}
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Button
          variant="subtle"
          h={30}
          px={9}
          leftSection={<IconFilterPlus size={15} />}
          aria-expanded={opened}
          onClick={() => show(!opened)}
        >
          Filter
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={choice ? 'sm' : 4}>
        {!choice && (
          <Stack gap={0}>
            {choices.map((one) => (
              <UnstyledButton
                key={one.field}
                px={10}
                py={7}
                fz="sm"
                bdrs="sm"
                className="mantine-focus-auto"
                onClick={() => setChoice(one)}
              >
                {one.title}
              </UnstyledButton>
            ))}
          </Stack>
        )}
        {choice?.options === 'members' && (
          <MemberSelect
            label={choice.title}
            placeholder={choice.placeholder}
            value={filter[choice.field] ?? null}
            onChange={(value) => value && apply(value)}
            comboboxProps={{ withinPortal: false }}
            data-autofocus
          />
        )}
        {choice?.options && choice.options !== 'members' && (
          <Select
            label={choice.title}
            placeholder={choice.placeholder}
            data={choice.options}
            searchable
            nothingFoundMessage="Nothing is called so"
            value={filter[choice.field] ?? null}
            onChange={(value) => value && apply(value)}
            comboboxProps={{ withinPortal: false }}
            data-autofocus
          />
        )}
        {choice && !choice.options && <TextChoice choice={choice} apply={apply} />}
      </Popover.Dropdown>
    </Popover>
  );
}

function TextChoice({ choice, apply }: { choice: FieldChoice; apply: (value: string) => void }) {
  const [text, setText] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim()) apply(text.trim());
      }}
    >
      <Group align="end" gap="xs" wrap="nowrap">
        <TextInput
          flex={1}
          label={choice.title}
          placeholder={choice.placeholder}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          data-autofocus
        />
        <Button type="submit">Show</Button>
      </Group>
    </form>
  );
}
