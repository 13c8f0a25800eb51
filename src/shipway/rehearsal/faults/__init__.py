"""Everything that servers, people and machines do to a release, each as a fault with a name."""
