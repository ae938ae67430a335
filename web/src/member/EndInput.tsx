// When a seat ends by itself: a day and a time in the reader's zone, or nothing.
import { TextInput, type TextInputProps } from '@mantine/core';

export function EndInput(props: TextInputProps) {
  return <TextInput type="datetime-local" label="Seat ends" description="In your time zone; may stay empty" {...props} />;
}
