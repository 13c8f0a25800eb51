"""One file a step of the settlement and of the candidate; steps never import each other."""
