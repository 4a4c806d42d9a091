// On the admin's pages: the same live updates as everywhere else.
import "./app";
