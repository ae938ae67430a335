// The dialog around a new value: it cannot be closed by accident.
import { Modal } from '@mantine/core';
import type { NewValue } from '../api/nouns';
import { NewValuePanel } from './NewValuePanel';

type Props = { keyName: string; value: NewValue | null; onStored(): void };

export function NewValueDialog({ keyName, value, onStored }: Props) {
  return (
    <Modal
      opened={value !== null}
      onClose={() => undefined}
      title={`Your value for ${keyName}`}
      size={620}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      {value && <NewValuePanel value={value} onStored={onStored} />}
    </Modal>
  );
}
