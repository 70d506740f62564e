// The steps of a journey. Each begins where the one before ended, so that after a failure the rest
// are not tried: the first failure is the one to read.

/** A function that runs one step of the journey `t`. */
export function steps(t) {
  let failed = false;
  return (name, walk) =>
    t.test(name, { skip: failed && "an earlier step failed" }, async () => {
      try {
        await walk();
      } catch (error) {
        failed = true;
        throw error;
      }
    });
}
