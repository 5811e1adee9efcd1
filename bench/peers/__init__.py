"""What Hiroba is measured against. Development only: nothing here is imported by the site."""
