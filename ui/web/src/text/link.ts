/** Only addresses a person would expect behind a link; never script. */
export function safeLink(url: string): string | undefined {
  try {
    const { protocol } = new URL(url, location.href);
    return ["http:", "https:", "mailto:", "tel:"].includes(protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}
