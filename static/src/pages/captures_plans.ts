// Captures: list, new plan, plan. All behaviour is htmx; this module only brings the style sheet.
import "../../css/pages/captures_plans.css";
