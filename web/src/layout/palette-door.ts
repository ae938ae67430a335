// Opens the command palette without being part of it: its code comes after the page's own.

export async function openPalette() {
  const { spotlight } = await import('@mantine/spotlight');
  spotlight.open();
}
