"""What the product says to people outside of its pages: letters by e-mail, kept until they are sent."""
