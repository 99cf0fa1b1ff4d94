import "./plotlyStyle";
import Plotly from "plotly.js-cartesian-dist-min";

export default Plotly;
