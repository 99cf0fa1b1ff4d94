import { memo, useMemo } from "react";
import { tokens } from "../../text/highlight";

/** Highlighted source text. */
export const Source = memo(function Source({ source, language }: { source: string; language?: string }) {
  const parts = useMemo(() => tokens(source, language), [source, language]);
  return parts.map((t, i) =>
    t.kind ? (
      <span key={i} className={`tok-${t.kind}`}>
        {t.text}
      </span>
    ) : (
      t.text
    ),
  );
});
