import { nonce } from "../../net/base";

// Plotly writes its rules, as soon as it is loaded, into a style element of this id;
// the page's policy takes one with its nonce. So this is imported before Plotly.
const style = document.createElement("style");
style.id = "plotly.js-style-global";
style.nonce = nonce;
style.append("");
document.head.append(style);
