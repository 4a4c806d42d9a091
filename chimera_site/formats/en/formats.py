"""How dates look where a page does not say: as everywhere else here, without a.m. and p.m."""

DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j M Y H:i"
