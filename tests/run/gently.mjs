// Loaded first, it lets a process and all that it starts compute only where nobody else wants to.

import { constants, setPriority } from "node:os";

setPriority(constants.priority.PRIORITY_LOW);
