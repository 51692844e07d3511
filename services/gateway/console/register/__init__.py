"""What the pages of the register share: unions and communities to choose among, files that come and go."""
