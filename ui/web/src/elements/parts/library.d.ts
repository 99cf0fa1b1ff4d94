declare module "plotly.js-cartesian-dist-min" {
  const Plotly: {
    react(node: HTMLElement, data: unknown, layout: object, config: object): Promise<unknown>;
    purge(node: HTMLElement): void;
  };
  export default Plotly;
}
