import { memo, useEffect, useRef, useState } from "react";
import { Source } from "../elements/parts/Source";
import { useKeyed } from "../screen/keyed";
import { editor as text } from "../text/messages/editor";
import { toOffset } from "../text/position";
import type { Actions } from "./actions";
import type { CellCommand, Mounted } from "./code/mount";
import type { CellInfo } from "./notebook";
import type { Services } from "./services";

interface CodeProps {
  info: CellInfo;
  number: number;
  /** It is near the view. */
  near: boolean;
  actions: Actions;
  services: Services;
  onCommand: (name: CellCommand) => void;
}

let loaded: Promise<typeof import("./code/mount")> | undefined;

/** Loads the code editor once, for all cells. */
export function loadMount() {
  loaded ??= import("./code/mount");
  return loaded;
}

let vimLoaded: Promise<typeof import("./code/vim")> | undefined;
let vimModule: typeof import("./code/vim") | undefined;

/** Gives an editor Vim's keys, or takes them away. */
function setVim(mounted: Mounted, on: boolean, actions: Actions): void {
  if (!on) {
    mounted.setKeys(undefined);
    return;
  }
  vimLoaded ??= import("./code/vim");
  void vimLoaded.then((m) => {
    vimModule = m;
    if (actions.vim.get())
      mounted.setKeys(m.vimKeys({ save: () => actions.save(), run: () => actions.run() }));
  });
}

/** States of editors that were taken away, so that undo works when they come back. */
const kept = new Map<string, unknown>();

/**
 * A cell's source. Near the view it is a code editor; far from it, plain text of
 * the same size, so that a thousand cells cost no more than the ones in sight.
 */
export const Code = memo(function Code({ info, number, near, actions, services, onCommand }: CodeProps) {
  const box = useRef<HTMLDivElement>(null);
  const mounted = useRef<Mounted | null>(null);
  const [live, setLive] = useState(false);
  const { notebook } = actions;
  const diagnostics = useKeyed(notebook.problems, info.id);
  const source = useSource(actions, info.id);

  const { id } = info;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new kind is set on the mounted editor, below
  useEffect(() => {
    if (!near) return;
    let gone = false;
    let made: Mounted | null = null;
    void loadMount().then(({ mount }) => {
      const cellText = notebook.texts.get(id);
      if (gone || !box.current || !cellText) return;
      box.current.querySelector(".cm-editor")?.remove();
      made = mount(
        box.current,
        {
          cell: id,
          kind: info.kind,
          text: cellText,
          label: text.cellInput(number),
          services,
          onFocus: (focused) => {
            if (focused && actions.selection.active.get() !== id) actions.selection.select(id, "edit");
            else if (focused) actions.selection.setMode("edit");
            else if (actions.selection.active.get() === id) actions.selection.setMode("command");
          },
          onLeave: () => actions.leave(),
          onCross: (by) => actions.cross(by),
          onDefinition: (cell, line, column) =>
            actions.edit(cell, toOffset(notebook.source(cell), line, column)),
          onCommand,
          vimRests: (view) => !actions.vim.get() || !vimModule || vimModule.atRest(view),
          notFound: (outside) =>
            notebook.notify({
              level: "info",
              text: outside ? text.definedIn(outside) : text.definitionNotFound,
            }),
        },
        kept.get(id),
      );
      kept.delete(id);
      mounted.current = made;
      made.setDiagnostics(notebook.problems.get(id) ?? []);
      made.setFound(actions.looking.get());
      if (actions.vim.get()) setVim(made, true, actions);
      actions.mounted(id, made);
      setLive(true);
    });
    return () => {
      gone = true;
      if (made) {
        kept.set(id, made.destroy());
        actions.unmounted(id);
      }
      mounted.current = null;
      setLive(false);
    };
  }, [near, id]);

  useEffect(() => {
    return actions.vim.subscribe(
      () => mounted.current && setVim(mounted.current, actions.vim.get(), actions),
    );
  }, [actions]);
  useEffect(() => {
    return actions.looking.subscribe(() => mounted.current?.setFound(actions.looking.get()));
  }, [actions]);
  useEffect(() => mounted.current?.setDiagnostics(diagnostics ?? []), [diagnostics]);
  useEffect(() => mounted.current?.setKind(info.kind), [info.kind]);

  return (
    <div ref={box} className="code-box">
      {!live && (
        <pre className={info.kind === "markdown" ? "code-static wraps" : "code-static"}>
          <Source source={source || "\n"} language={info.kind} />
        </pre>
      )}
    </div>
  );
});

/** The text of a cell, for as long as no editor shows it. */
function useSource(actions: Actions, id: string): string {
  const [, renew] = useState(0);
  const cellText = actions.notebook.texts.get(id);
  useEffect(() => {
    if (!cellText) return;
    const listener = () => renew((n) => n + 1);
    cellText.onRemote.add(listener);
    return () => {
      cellText.onRemote.delete(listener);
    };
  }, [cellText]);
  return cellText?.text ?? "";
}
