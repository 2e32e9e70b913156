"""The imitated platform: endpoints, limits, faults and pages over HTTP."""
