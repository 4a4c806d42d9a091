// The library: recordings on their way in, and those that are here.
import "../../css/pages/demos_library.css";
import { setUpLibrary } from "../demos/library";
import { setUpUploads } from "../demos/upload";

setUpUploads();
setUpLibrary();
