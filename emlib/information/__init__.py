"""How sure an estimate is: observed information, and the derivatives that it is made of."""
