"""How projects stand: judged by declared rules, with alerts that say what raised them."""
