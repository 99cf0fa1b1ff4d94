import { Component, memo, type ReactNode } from "react";
import type { Element } from "../protocol/element";
import { text } from "../text/messages";
import { useSession } from "./context";
import { useCell, useKeyed } from "./keyed";
import { known, load, reload, views } from "./registry";
import type { Node } from "./tree";

/** Shows the element at a path, and renders again only when that element changes. */
export const ElementView = memo(function ElementView({ path }: { path: string }) {
  const { tree } = useSession();
  const node = useKeyed(tree.nodes, path);
  if (!node) return null;
  if (!node.element) return <Children paths={node.children} />;
  return <Shown node={node} />;
});

/** An element that stands nowhere on the screen: an answer of the kernel. */
export function Detached({ element }: { element: Element }) {
  const { kind } = element;
  const view = useKeyed(views, kind);
  if (!view || view === "failed") {
    if (known(kind)) load(kind);
    return <div className="el el-loading" aria-busy="true" />;
  }
  const View = view;
  return (
    <Guard subject={element}>
      <View path="" element={element} props={(element.props ?? {}) as never} children={[]} />
    </Guard>
  );
}

export function Children({ paths }: { paths: readonly string[] }): ReactNode {
  return paths.map((path) => <ElementView key={path} path={path} />);
}

/** The children of a root ("main", "sidebar"). */
export function Root({ path }: { path: string }) {
  const { tree } = useSession();
  const node = useKeyed(tree.nodes, path);
  return <Children paths={node?.children ?? []} />;
}

function Shown({ node }: { node: Node }) {
  const element = node.element!;
  const { kind } = element;
  const view = useKeyed(views, kind);
  const stale = useStale(node);
  if (!view) {
    if (known(kind)) load(kind);
    else return <p className="el el-missing">{text.app.unknownElement(kind)}</p>;
    return <div className={`el el-loading k-${kind}`} aria-busy="true" />;
  }
  if (view === "failed") {
    return (
      <p className="el el-missing" role="alert">
        {text.app.loadFailed}{" "}
        <button type="button" className="btn quiet" onClick={() => reload(kind)}>
          {text.app.retry}
        </button>
      </p>
    );
  }
  const View = view;
  return (
    <div
      className={element.key ? `el k-${kind} st-key-${className(element.key)}` : `el k-${kind}`}
      data-stale={stale || undefined}
    >
      <Guard subject={element}>
        <View
          path={node.path}
          element={element}
          props={(element.props ?? {}) as never}
          children={node.children}
        />
      </Guard>
    </div>
  );
}

/** Whether a running run has not yet reached the element, and takes long enough to show it. */
function useStale(node: Node): boolean {
  const session = useSession();
  const fading = useCell(session.fading);
  if (fading === 0 || node.run >= fading) return false;
  // A container is as fresh as what is in it: only leaves fade, so that opacities do not multiply.
  if (node.children.length > 0) return false;
  const { fragments } = session.run.get();
  if (fragments && fragments.length > 0) return fragments.includes(node.element?.fragment ?? "");
  return true;
}

function className(key: string): string {
  return key.replace(/[^A-Za-z0-9_-]/g, "-");
}

interface GuardProps {
  subject: unknown;
  children: ReactNode;
}

/** Keeps a fault of one component from taking the page with it; the next version of the element tries anew. */
class Guard extends Component<GuardProps, { failed: boolean; subject: unknown }> {
  override state = { failed: false, subject: this.props.subject };

  static getDerivedStateFromProps(props: GuardProps, state: { subject: unknown }) {
    return props.subject === state.subject ? null : { failed: false, subject: props.subject };
  }

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidCatch(error: unknown) {
    console.error(error);
  }

  override render() {
    if (this.state.failed) {
      return (
        <p className="el-missing" role="alert">
          {text.app.elementFailed}
        </p>
      );
    }
    return this.props.children;
  }
}
