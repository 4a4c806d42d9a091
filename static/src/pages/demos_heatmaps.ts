// Heat maps over many recordings.
import "../../css/pages/demos_filters.css";
import "../../css/pages/demos_heatmaps.css";
import { type HeatConfig, HeatPage } from "../demos/heat_page";

const told = document.getElementById("heat-config");
if (told) new HeatPage(JSON.parse(told.textContent ?? "{}") as HeatConfig);
