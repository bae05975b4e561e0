export default defineEventHandler(() => "Start by editing server/routes/index.ts");
