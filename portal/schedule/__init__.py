"""The schedule: its network, baselines, earned value, simulation. The core is pure."""
