"""Public scorecards and the report of the loop."""
