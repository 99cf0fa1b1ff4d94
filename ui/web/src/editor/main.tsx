import "../style/base.css";

void import("./code/mount");
