"""The progress center: milestones planned, forecast and reached, and days that changes moved."""
