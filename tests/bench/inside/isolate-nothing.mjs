// The handler alone.
export default { fetch: () => new Response("00000000-0000-0000-0000-000000000000") };
